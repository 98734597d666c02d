type Graph = Map<string, Set<string>>;

export function readImports(folder: string): Graph;
export function importedPaths(file: string, text: string): string[];
export function byFolder(graph: Graph): Graph;
export function findCircles(graph: Graph): string[][];
export function findArrowsBack(graph: Graph, order: readonly (readonly string[])[]): string[];
