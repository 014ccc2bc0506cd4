/** Comments by which a line says that a finding there is known. */

/** `# forkscope: ignore`, `# forkscope: ignore[deadlock, zombie]` */
const COMMENT = /#\s*forkscope:\s*ignore(?:\[([\w\s,-]*)\])?/;

/** Whether this line of source mutes findings of this code. */
export function mutes(text: string, code: string): boolean {
  const found = COMMENT.exec(text);
  if (found === null) return false;
  const codes = found[1]?.split(',').map((each) => each.trim());
  return codes === undefined || codes.includes(code);
}
