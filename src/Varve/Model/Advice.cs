namespace Varve.Model;

/// <summary>
/// The closed set of what somebody can do next. The library says which; what runs the library (a command line, a daemon, a page) has the
/// words, since only it knows its commands and settings. Several mean something only together with the error's <see cref="Subject"/>.
/// </summary>
public enum Advice
{
    /// <summary>There is nothing to say beyond what happened.</summary>
    None,
    /// <summary>Find everything that damage affects.</summary>
    CheckRepository,
}
