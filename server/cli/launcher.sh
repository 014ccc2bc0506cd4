# The first lines of dist/cli.js, which is a script of the shell too (esbuild.mjs puts them there): Node resets the dispositions and the mask
# of signals and raises the limit of open files when it starts, so they are noted before. Each line is a comment to JavaScript. Only names
# that nobody else uses, because assigning to a variable of the environment changes it.
if [ "${1-}" = run ] && [ -r /proc/$$/status ]; then
FORKSCOPE_ENTRY=$$
while read -r __forkscope_k __forkscope_v __forkscope_r; do case $__forkscope_k in SigBlk:) FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY $__forkscope_k$__forkscope_v" ;; SigIgn:) FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY $__forkscope_k$__forkscope_v"; break ;; esac; done </proc/$$/status
while read -r __forkscope_k __forkscope_v __forkscope_r __forkscope_n __forkscope_x; do if [ "$__forkscope_k$__forkscope_v$__forkscope_r" = Maxopenfiles ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY Files:$__forkscope_n"; break; fi; done </proc/$$/limits
# The folder's own descriptor is in the list, and closed by now; the script's own is left out.
for __forkscope_k in /proc/$$/fd/*; do if [ -e "$__forkscope_k" ] && ! [ "$__forkscope_k" -ef "$0" ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY ${__forkscope_k##*/}"; fi; done
# A shell that no shell has started makes variables of its own.
if [ -z "${SHLVL-}" ]; then grep -qz '^PWD=' /proc/$$/environ 2>/dev/null; if [ $? = 1 ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY Made:PWD"; fi; fi
if [ -n "${BASH_VERSION-}" ] && [ "${SHLVL-}" = 1 ]; then grep -qz '^SHLVL=' /proc/$$/environ 2>/dev/null; if [ $? = 1 ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY Made:PWD Made:OLDPWD Made:SHLVL Made:_"; fi; fi
# A shell in a folder that was deleted empties this one. It may have spaces: it comes last.
if [ "${PWD-x}" = '' ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY $(grep -z '^PWD=' /proc/$$/environ 2>/dev/null | tr -d '\000')"; fi
unset __forkscope_k __forkscope_v __forkscope_r __forkscope_n __forkscope_x
export FORKSCOPE_ENTRY
# Signals of real time sent to the process group are the program's; Node leaves them ignored.
trap '' 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
fi
exec node "$0" "$@"
