/** What one file may hold, and so what one file is written with: more than anybody writes, and less than a page can bear. */

/** Of a file, in bytes: it is in memory whole while it is checked. */
export const mostFileBytes = 128 * 1024 * 1024;
export const mostConversations = 10_000;
/** Of all conversations in a file together. */
export const mostMessages = 200_000;
/** Of one message, in UTF-16 units. */
export const longestText = 2_000_000;
export const longestTitle = 1000;
/** Of one conversation. */
export const mostImages = 1000;
/** Objects and lists within each other. */
export const mostLevels = 48;
