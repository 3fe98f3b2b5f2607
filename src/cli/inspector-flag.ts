/** The flag that asks Node for its inspector, from its arguments or from NODE_OPTIONS. */
export function inspectorFlag(): string | undefined {
  const options = process.env['NODE_OPTIONS']?.split(/[\s"]+/) ?? [];
  return [...process.execArgv, ...options].find((argument) => argument.startsWith('--inspect'));
}
