namespace Podsharp.Core.Errors;

/// <summary>The one failure type of the engine. <see cref="Exception.Message"/> is what the user reads: it says what is wrong and what to do.</summary>
public sealed class EngineException : Exception
{
    public EngineException(ErrorKind kind, string message, string? cause = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        Cause = cause ?? message;
    }

    public ErrorKind Kind { get; }

    /// <summary>Short root cause ("no such container"), which remote clients match by text (reference/wire-types.md A1.7).</summary>
    public string Cause { get; }

    public static EngineException InvalidInput(string message) => new(ErrorKind.InvalidInput, message);

    public static EngineException Conflict(string message, string? cause = null) => new(ErrorKind.Conflict, message, cause);

    public static EngineException NotSupported(string message) => new(ErrorKind.NotSupported, message);

    public static EngineException Internal(string message, Exception? innerException = null) =>
        new(ErrorKind.Internal, message, innerException: innerException);

    public static EngineException Exhausted(string message, Exception? innerException = null) =>
        new(ErrorKind.Exhausted, message, innerException: innerException);

    public static EngineException NoSuchContainer(string name) =>
        new(ErrorKind.NotFound, $"No such container: {name}", "no such container");

    public static EngineException NoSuchImage(string name) =>
        new(ErrorKind.NotFound, $"No such image: {name}", "image not known");

    public static EngineException NoSuchVolume(string name) =>
        new(ErrorKind.NotFound, $"get {name}: no such volume", "no such volume");

    public static EngineException NoSuchNetwork(string name) =>
        new(ErrorKind.NotFound, $"network {name} not found", "network not found");

    public static EngineException NoSuchExec(string id) =>
        new(ErrorKind.NotFound, $"No such exec instance: {id}", "no such exec session");
}
