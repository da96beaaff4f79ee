namespace Varve.Catalog.Rows;

/// <summary>Receives what a search finds; false ends it.</summary>
internal delegate bool RevisionVisitor(in MatchedRevision revision);
