using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>What failures of a line come to.</summary>
internal interface ILineErrors
{
    /// <summary>A failure for those who called; null if another try may do better.</summary>
    VarveException? Final(Exception failure);

    /// <summary>How long the other side asks to be left alone; null if it does not.</summary>
    TimeSpan? AskedPause(Exception failure) => null;

    /// <summary>The line is lost, and is not got back.</summary>
    VarveException Lost(Exception failure);
}
