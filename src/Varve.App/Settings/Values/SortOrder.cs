namespace Varve.App.Settings.Values;

/// <summary>In which order something is listed.</summary>
internal enum SortOrder
{
    /// <summary>By name.</summary>
    Name,
    /// <summary>The largest first.</summary>
    Size,
    /// <summary>By time.</summary>
    Time,
}
