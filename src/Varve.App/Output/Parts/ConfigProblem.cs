namespace Varve.App.Output.Parts;

/// <summary>
/// Something that is wrong with a configuration, in a list of such. Line and column count from 1; 0 is the file as a whole.
/// </summary>
internal readonly struct ConfigProblem
{
    private readonly VarveException _error;
    private readonly NextCommand _next;

    internal ConfigProblem(VarveException error, NextCommand next) => (_error, _next) = (error, next);

    public long Line => _error.Subject.Line;
    public long Column => _error.Subject.Column;
    public string Message => NameText.Printable(_error.What);
    public string? Hint => AdviceText.Of(_error, _next) is { } hint ? NameText.Printable(hint) : null;
}
