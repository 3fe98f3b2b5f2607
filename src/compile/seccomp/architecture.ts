import type { Architecture } from '../../model/architecture.ts';

/** AUDIT_ARCH_* of linux/audit.h: what the kernel tells a filter about the caller's calling convention. */
export const AUDIT_ARCHITECTURES: Readonly<Record<Architecture, number>> = {
  x64: 0xc000_003e,
  arm64: 0xc000_00b7,
};

/** On x86-64, numbers from here on are the x32 spellings of the same calls. */
export const X32_NUMBERS = 0x4000_0000;
