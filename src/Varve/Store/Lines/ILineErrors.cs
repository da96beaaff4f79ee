using Varve.Model;

namespace Varve.Store.Lines;

/// <summary>What failures of a line come to.</summary>
internal interface ILineErrors
{
    /// <summary>A failure for those who called; null if another try may do better.</summary>
    VarveException? Final(Exception failure);

    /// <summary>The line is lost, and is not got back.</summary>
    VarveException Lost(Exception failure);
}
