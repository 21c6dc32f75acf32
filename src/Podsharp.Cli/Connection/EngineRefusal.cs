using System.Net;

namespace Podsharp.Cli.Connection;

/// <summary>The engine answered with an error; the message is its own.</summary>
internal sealed class EngineRefusal(HttpStatusCode status, string message) : Exception(message)
{
    public HttpStatusCode Status { get; } = status;
}
