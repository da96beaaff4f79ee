namespace Varve.Catalog;

/// <summary>Receives what a search finds; false ends it.</summary>
public delegate bool RevisionVisitor(in MatchedRevision revision);
