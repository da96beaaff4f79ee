namespace Varve.App.Output;

/// <summary>How much is said of work that is done.</summary>
internal enum Detail
{
    /// <summary>What failed, and nothing else.</summary>
    Quiet,
    /// <summary>One line at the end: for logs.</summary>
    Line,
    /// <summary>A few lines at the end: for people who watch.</summary>
    Full,
}
