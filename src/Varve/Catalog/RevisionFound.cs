namespace Varve.Catalog;

/// <summary>Receives what a search finds; false ends it.</summary>
public delegate bool RevisionFound(in FoundRevision revision);
