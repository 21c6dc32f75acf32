using System.Text;
using System.Text.Json;
using Podsharp.Core.Errors;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>What an OCI runtime says when it fails, and what class of failure that is (reference/protocols.md §3, "OCI error text").</summary>
internal static class RuntimeFailure
{
    /// <summary><see cref="EngineException.Cause"/> of a command that is not there.</summary>
    public const string NotFound = "executable file not found in $PATH";

    /// <summary><see cref="EngineException.Cause"/> of a command that may not be executed.</summary>
    public const string Denied = "permission denied";

    /// <summary>The last error of a JSON log, or null.</summary>
    public static string? LastMessage(ReadOnlySpan<byte> log)
    {
        string? last = null;
        foreach (var range in log.Split((byte)'\n'))
        {
            var line = log[range];
            if (!line.IsEmpty && MessageOf(line) is { } message) last = message;
        }

        return last;
    }

    /// <summary>The runtime would not run on this machine's mix of control groups.</summary>
    public static bool RefusesControlGroups(string text) =>
        text.Contains("cgroups in hybrid mode not supported", StringComparison.OrdinalIgnoreCase);

    /// <param name="command">First argument of the process that was to run.</param>
    public static EngineException Of(string text, string command)
    {
        text = Clean(text);
        // Clients choose exit codes 127 and 126 by these very words.
        return Classify(text) switch
        {
            NotFound => new EngineException(ErrorKind.InvalidInput, WithWords(text, command, NotFound), NotFound),
            Denied => new EngineException(ErrorKind.InvalidInput, WithWords(text, command, Denied), Denied),
            _ when text.Contains("is not running", StringComparison.Ordinal) => EngineException.Conflict(text, "container state improper"),
            _ => EngineException.Internal(text),
        };
    }

    /// <summary>As <see cref="Of"/> for a process in a running container, in the frame of words that clients know of runc under containerd.</summary>
    public static EngineException OfExec(string text, string command)
    {
        var failure = Of(text, command);
        if (failure.Kind == ErrorKind.Conflict) return failure;
        // A working directory that is not there is the request's fault as a missing command is.
        var kind = text.Contains("chdir", StringComparison.Ordinal) ? ErrorKind.InvalidInput : failure.Kind;
        const string Frame = "exec failed: unable to start container process: ";
        var why = Classify(text) is { } words ? $"exec: \"{command}\": {words}" : Clean(text);
        if (why.StartsWith(Frame, StringComparison.Ordinal)) why = why[Frame.Length..];
        return new EngineException(kind, $"OCI runtime exec failed: {Frame}{why}: unknown", failure.Cause);
    }

    /// <summary>What a shell would answer: 127, 126, or the code itself.</summary>
    public static int ExitCode(string text, int otherwise) => Classify(text) switch
    {
        NotFound => 127,
        Denied => 126,
        _ => otherwise,
    };

    private static string? Classify(string text)
    {
        bool Has(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
        // A label or profile that the kernel does not take is written to a file of that name.
        if (!Has("exec") || Has("/attr/exec") || Has("/attr/apparmor/exec")) return null;
        if (Has("not found in $PATH") || Has("no such file or directory") || Has("file not found")) return NotFound;
        return Has("permission denied") || Has("operation not permitted") || Has("is a directory") || Has("exec format error") ? Denied : null;
    }

    private static string WithWords(string text, string command, string words) =>
        text.Contains(words, StringComparison.Ordinal) ? text : $"{text}: exec: \"{command}\": {words}";

    private static string Clean(string text) => text.Trim().ReplaceLineEndings(" ");

    private static string? MessageOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            while (reader.Read())
            {
                if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("msg"u8)) continue;
                reader.Read();
                return reader.GetString();
            }

            return null;
        }
        catch (JsonException)
        {
            return Encoding.UTF8.GetString(line);
        }
    }
}
