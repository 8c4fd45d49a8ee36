import pc from 'picocolors';

// picocolors takes CI=true for a wish for colours; what is written into a pipe or a file is for programs, there too.
const of = (stream: NodeJS.WriteStream) => pc.createColors(pc.isColorSupported && stream.isTTY === true);

/** Colours for stdout: none unless it is a terminal, nor with NO_COLOR. */
export const outputColors = of(process.stdout);

/** The same for stderr. */
export const errorColors = of(process.stderr);
