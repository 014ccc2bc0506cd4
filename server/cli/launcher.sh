# The first lines of dist/cli.js, which is a script of the shell too (esbuild.mjs puts them there): Node resets the dispositions and the mask
# of signals and raises the limit of open files when it starts, so they are noted before. Each line is a comment to JavaScript. Only names
# that nobody else uses, because assigning to a variable of the environment changes it.
if [ "${1-}" = run ] && [ -r /proc/$$/status ]; then
FORKSCOPE_ENTRY=$$
while read -r __forkscope_k __forkscope_v __forkscope_r; do case $__forkscope_k in SigBlk:) FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY $__forkscope_k$__forkscope_v" ;; SigIgn:) FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY $__forkscope_k$__forkscope_v"; break ;; esac; done </proc/$$/status
while read -r __forkscope_k __forkscope_v __forkscope_r __forkscope_n __forkscope_x; do if [ "$__forkscope_k$__forkscope_v$__forkscope_r" = Maxopenfiles ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY Files:$__forkscope_n"; break; fi; done </proc/$$/limits
# The folder's own descriptor is in the list, and closed by now; the script's own is left out.
for __forkscope_k in /proc/$$/fd/*; do if [ -e "$__forkscope_k" ] && ! [ "$__forkscope_k" -ef "$0" ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY ${__forkscope_k##*/}"; fi; done
# A shell hands on no names that it could not have given itself (functions that bash exports, names with a dot), and treats some as its own: of
# those the settings that it got, in hexadecimal. Node would take its options from the program's.
__forkscope_n='BASH[A-Z0-9_]*|COMP_WORDBREAKS|EPOCH[A-Z]*|E?UID|HISTCMD|IFS|LINENO|NODE_[A-Z0-9_]*|OLDPWD|OPT[A-Z]*|PPID|PS[124]|PWD|S?RANDOM|SECONDS|SHELLOPTS|SHLVL|_'
__forkscope_x=$({ LC_ALL=C grep -azE "^($__forkscope_n|[^A-Za-z_=][^=]*|[^=]*[^A-Za-z0-9_=][^=]*)=" /proc/$$/environ; [ $? -lt 2 ] && echo; } 2>/dev/null | od -An -v -tx1 2>/dev/null)
# More would not fit beside all else.
if [ -n "$__forkscope_x" ] && [ ${#__forkscope_x} -lt 120000 ]; then FORKSCOPE_ENTRY="$FORKSCOPE_ENTRY Own:$__forkscope_n Given:$__forkscope_x"; unset NODE_OPTIONS NODE_V8_COVERAGE NODE_DEBUG NODE_DEBUG_NATIVE NODE_REDIRECT_WARNINGS NODE_CHANNEL_FD; fi
unset __forkscope_k __forkscope_v __forkscope_r __forkscope_n __forkscope_x
export FORKSCOPE_ENTRY
# Signals of real time sent to the process group are the program's; Node leaves them ignored.
trap '' 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64
fi
exec node "$0" "$@"
