namespace Varve.Tests.Kit.Cloud;

/// <summary>What <see cref="RequestProxy"/> does to a request.</summary>
public enum RequestFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It never arrives.</summary>
    Dropped,

    /// <summary>It is done, and its answer never arrives.</summary>
    Unanswered,

    /// <summary>It is done, and half of its answer arrives.</summary>
    Cut,

    /// <summary>It arrives twice; the second answer counts.</summary>
    Repeated,

    /// <summary>It is answered 500.</summary>
    InternalError,

    /// <summary>It is answered 503, with a wish to be left alone for a while.</summary>
    SlowDown,

    /// <summary>It is answered 403.</summary>
    Forbidden,

    /// <summary>The credentials are not good any more.</summary>
    Expired,

    /// <summary>The clocks are too far apart.</summary>
    Skewed,
}
