namespace Varve.Fuzz;

/// <summary>
/// A parser under test. Whatever the bytes, it returns or throws <see cref="VarveException"/>; what it accepts says the same once written
/// and read again, where there is a writer. One thread.
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>Its name: a folder of the corpus.</summary>
    string Name { get; }

    /// <summary>Words that mean something to it.</summary>
    IReadOnlyList<byte[]> Words => [];

    /// <summary>Inputs that are right.</summary>
    IEnumerable<byte[]> Seeds();

    /// <summary>Runs one input.</summary>
    void Run(ReadOnlySpan<byte> input);
}
