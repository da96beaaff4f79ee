namespace Varve.Tests.Kit.Measures;

/// <summary>Classes that count what the whole process allocates: they run alone, after all others.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Counting
{
    public const string Name = "counting allocations";
}
