export function ledgerNames(text: string): readonly string[];
