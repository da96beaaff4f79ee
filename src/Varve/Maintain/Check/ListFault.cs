using Varve.Model;

namespace Varve.Maintain.Check;

/// <summary>What is wrong with an extent.</summary>
/// <param name="Subject">The chunk, or the pack it lies in.</param>
/// <param name="Problem">What is wrong with that, without its name.</param>
internal readonly record struct ListFault(Subject Subject, string Problem);
