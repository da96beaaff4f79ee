using Varve.Model;

namespace Varve.History.Import;

/// <summary>A history that is meant: the id that it goes by, and a lineage that belongs to it.</summary>
internal readonly record struct MeantHistory(Bytes32 Id, Lineage Lineage);
