namespace Varve.Archives.Lists;

/// <summary>Which fields a line of a list has, in which order and form. The name is always last.</summary>
internal enum ListLayout
{
    /// <summary>The name alone.</summary>
    Names,
    /// <summary>Time, size and name.</summary>
    Short,
    /// <summary>
    /// <c>find -printf "%T@ %s %i %m %y %g %u %D %p"</c>: permissions in octal digits, a letter for the kind, names of owners.
    /// </summary>
    Find,
    /// <summary><c>stat -c "%Y %s %i %f %g %u %d %n"</c>: the whole mode in hexadecimal digits, numbers of owners.</summary>
    Stat,
    /// <summary><c>stat -f "%m %z %i %p %g %u %d %N"</c> of BSD: the same, but the mode in octal digits.</summary>
    BsdStat,
    /// <summary>The fields of <see cref="Find"/>, each ended by a NUL.</summary>
    Fields,
}
