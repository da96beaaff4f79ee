using Varve.Compare.Corpora;

namespace Varve.Compare.Measure;

/// <summary>A corpus that was measured, after it is gone.</summary>
/// <param name="Index">Counted from 0.</param>
/// <param name="Key">As in --corpora.</param>
/// <param name="Title">For people.</param>
/// <param name="Size">What it held.</param>
/// <param name="Unit">What its size counts.</param>
/// <param name="Rows">What was measured on it.</param>
internal sealed record MeasuredCorpus(int Index, string Key, string Title, TreeSize Size, string Unit, IReadOnlyList<Row> Rows);
