let context: CanvasRenderingContext2D | null = null;

/** Width in pixels of a text in the page's font. */
export function textWidth(text: string, scale = 1): number {
  context ??= document.createElement('canvas').getContext('2d');
  if (context === null) return text.length * 7.5 * scale;
  const { fontFamily, fontSize } = getComputedStyle(document.body);
  context.font = `${Number.parseFloat(fontSize) * scale}px ${fontFamily}`;
  return context.measureText(text).width;
}
