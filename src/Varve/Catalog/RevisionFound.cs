namespace Varve.Catalog;

/// <summary>Receives what a search finds; false ends it.</summary>
internal delegate bool RevisionFound(in FoundRevision revision);
