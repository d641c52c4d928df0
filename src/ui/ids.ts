/** Names of elements that are opened from afar. */
export const DEVICE_POPOVER = 'device-popover';
