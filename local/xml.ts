import XMLBuilder from 'fast-xml-builder';

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' });

/**
 * Makes an XML document from a tree: keys are element names, arrays repeat an element, and keys with a leading `@` are
 * attributes. Text is escaped.
 */
export function xmlDocument(tree: Readonly<Record<string, unknown>>): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build(tree)}`;
}
