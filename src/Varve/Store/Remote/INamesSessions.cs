namespace Varve.Store.Remote;

/// <summary>A store that lets only its maker replace or remove a mutable object, whom it knows by the name.</summary>
internal interface INamesSessions
{
    /// <summary>A name that this store knows for its own: 32 hexadecimal digits.</summary>
    string CreateName();
}
