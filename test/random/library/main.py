def main():
    log(proc=1, ppid=0, how="main")
    ctx = mp.get_context(METHOD)
    C = channels(ctx)
    do(C, ctx, OPS)
    op_joinall(C, ctx)
    log(ending="main")
    print("done")
    sys.stdout.flush()
    end_now(END, C, SHARED)


if __name__ == "__main__":
    main()
