/** The ways in which models write formulas, as the one that the parser knows: `$…$`, and `$$` on lines of its own. */

const ALONE = /^([ \t]*)(?:\$\$([^$]+)\$\$|\\\[((?:(?!\\\])[\s\S])+)\\\])[ \t]*$/gm
const INSIDE =
  /(`+)[\s\S]*?\1(?!`)|\\\(((?:(?!\\\))[\s\S])+)\\\)|\$\$|\$(?![\s$])((?:[^$\n\\]|\\.)+)\$(?!\d)|\\[\s\S]|\$/g

/** A dollar that stands for money stays one: a formula has no space inside of its dollars, and no digit after them. */
export function withFormulas(block: string): string {
  if (!/[$\\]/.test(block) || /^[ \t]*(?:```|~~~)/.test(block)) return block
  const alone = block.replace(ALONE, (_, indent: string, dollars?: string, brackets?: string) => {
    const lines = (dollars ?? brackets ?? '').trim().split('\n')
    return ['$$', ...lines, '$$'].map((line) => indent + line.trim()).join('\n')
  })
  return alone.replace(INSIDE, (all: string, code?: string, brackets?: string, dollars?: string) => {
    if (code) return all
    if (brackets !== undefined) return `$${brackets.trim()}$`
    if (dollars !== undefined) return /\s$/.test(dollars) ? `\\${all.slice(0, -1)}\\$` : all
    return all === '$' ? '\\$' : all
  })
}
