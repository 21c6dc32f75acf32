using System.Text.Json;
using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Core.Errors;
using Podsharp.Engine.Execs;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Docker.Execs;

/// <summary>
/// What a session runs is said when it is created. Docker.DotNet's start has the members of its create, so they may say the same once more; dockerd 26
/// ignores them whatever they say.
/// </summary>
internal static class ExecStartReader
{
    // What the client is ready to carry: dockerode and bollard write their options for the connection into the body, Docker.DotNet always all three
    // streams. Those of the session come.
    private static readonly string[] OfTheConnection = ["hijack", "stdin", "OutputCapacity", "AttachStdin", "AttachStdout", "AttachStderr"];

    public static StartExecRequest Read(string session, ExecStartBody body, CreateExecRequest created)
    {
        var again = (body.Unknown ?? []).Where(member => SaysTheSame(member.Key, member.Value, created)).Select(static member => member.Key);
        UnknownFields.Refuse(body, "", [.. OfTheConnection, .. again]);
        return new StartExecRequest(session, body.Detach, body.Tty, ProcessReader.Size(body.ConsoleSize, "ConsoleSize"));
    }

    /// <returns>False: not a member of a create body.</returns>
    /// <exception cref="EngineException">It says something else than the create body did.</exception>
    private static bool SaysTheSame(string name, JsonElement value, CreateExecRequest created)
    {
        if (UnknownFields.IsZero(value)) return true;
        bool? same = name.ToUpperInvariant() switch
        {
            "USER" => Is(value, created.User),
            "WORKINGDIR" => Is(value, created.WorkingDirectory),
            "DETACHKEYS" => Is(value, created.DetachKeys ?? ""),
            "PRIVILEGED" => Is(value, created.Privileged),
            "CMD" => Is(value, created.Command),
            "ENV" => Is(value, created.Environment),
            _ => null,
        };
        return same switch
        {
            null => false,
            true => true,
            false => throw EngineException.InvalidInput($"{name} is not what this exec session was created with: say it when the session is created"),
        };
    }

    private static bool Is(JsonElement value, string text) => value.ValueKind is JsonValueKind.String && value.ValueEquals(text);

    private static bool Is(JsonElement value, bool flag) => value.ValueKind == (flag ? JsonValueKind.True : JsonValueKind.False);

    private static bool Is(JsonElement value, IReadOnlyList<string> words) =>
        value.ValueKind is JsonValueKind.Array && value.GetArrayLength() == words.Count && value.EnumerateArray().Zip(words).All(static pair => Is(pair.First, pair.Second));
}
