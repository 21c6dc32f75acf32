using System.Globalization;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;

namespace Podsharp.Service.Options;

/// <summary>What was asked for on the command line; null where nothing was.</summary>
internal sealed record CommandLine
{
    public const string Help = """
        Usage: podsharp-service [OPTIONS]
               podsharp-service wake [OPTIONS]
               podsharp-service check [--repair] [OPTIONS]

        Serves the Docker and libpod APIs on a unix socket. Sockets inherited from systemd (LISTEN_FDS) win over --socket.
        "wake" connects to the socket, or starts the service in the background where nobody listens; it returns at once.
        "check" holds all layers and blobs of the store against their digests while no service has it, and exits with 0 when all are sound,
        1 when some are damaged or missing, 2 when it could not look. With --repair damaged ones are fetched again from the
        registries that are known to have them; what nobody has is removed, and the next load or pull of its image brings it back.

          --socket unix:///PATH     where to listen (default RUNROOT/podsharp.sock)
          --root DIR                the store (default /var/lib/podsharp; as an ordinary user ~/.local/share/podsharp)
          --runroot DIR             running state, on a tmpfs (default /run/podsharp; $XDG_RUNTIME_DIR/podsharp)
          --idle-timeout SECONDS    exit after so long without client or duty; 0 stays (default: service_timeout of containers.conf, else 5)
          --runtime NAME|PATH       OCI runtime: crun, runc or a path (default: containers.conf, else crun)
          --blob-cache SIZE         layers' compressed blobs to keep for pushes: 2g, 500m; 0 none (default: a tenth of the disk, at most 20g)
          --log-level LEVEL         trace, debug, info, warning, error or none (default warning)
          --version                 print the version
          --help                    print this
        """;

    public string? Socket { get; init; }

    public string? Root { get; init; }

    public string? RunRoot { get; init; }

    public TimeSpan? IdleTimeout { get; init; }

    public string? Runtime { get; init; }

    /// <summary>Bytes.</summary>
    public long? BlobCache { get; init; }

    public LogLevel LogLevel { get; init; } = LogLevel.Warning;

    /// <summary>Only make sure that a service runs.</summary>
    public bool Wake { get; init; }

    /// <summary>Started by a waker: waits for the store where a person's service would refuse.</summary>
    public bool Woken { get; init; }

    /// <summary>Look through the store and leave.</summary>
    public bool Check { get; init; }

    public bool Repair { get; init; }

    public bool ShowHelp { get; init; }

    public bool ShowVersion { get; init; }

    /// <summary>Reads "--name value" and "--name=value". InvalidInput names the argument that is wrong.</summary>
    public static CommandLine Parse(ReadOnlySpan<string> arguments)
    {
        var line = new CommandLine();
        for (var i = 0; i < arguments.Length; i++)
        {
            var (name, value) = Split(arguments[i]);
            if (WithFlag(line, name) is { } flagged)
            {
                line = flagged;
                continue;
            }

            if (!name.StartsWith("--", StringComparison.Ordinal)) throw Wrong($"unknown argument {name}");
            value ??= i + 1 < arguments.Length ? arguments[++i] : throw Wrong($"{name} wants a value");
            line = With(line, name, value);
        }

        return line.Repair && !line.Check ? throw Wrong("--repair belongs to check") : line;
    }

    private static (string Name, string? Value) Split(string argument)
    {
        var equals = argument.StartsWith("--", StringComparison.Ordinal) ? argument.IndexOf('=', StringComparison.Ordinal) : -1;
        return equals < 0 ? (argument, null) : (argument[..equals], argument[(equals + 1)..]);
    }

    private static CommandLine? WithFlag(CommandLine line, string name) => name switch
    {
        "--help" or "-h" => line with { ShowHelp = true },
        "--version" => line with { ShowVersion = true },
        "--woken" => line with { Woken = true },
        "wake" => line with { Wake = true },
        "check" => line with { Check = true },
        "--repair" => line with { Repair = true },
        _ => null,
    };

    private static CommandLine With(CommandLine line, string name, string value) => name switch
    {
        "--socket" => line with { Socket = SocketPath(value) },
        "--root" => line with { Root = Path.GetFullPath(value) },
        "--runroot" => line with { RunRoot = Path.GetFullPath(value) },
        "--idle-timeout" => line with { IdleTimeout = Seconds(value) },
        "--runtime" => line with { Runtime = value },
        "--blob-cache" => line with { BlobCache = Size(value) },
        "--log-level" => line with { LogLevel = Level(value) },
        _ => throw Wrong($"unknown option {name}"),
    };

    private static string SocketPath(string value)
    {
        var path = value.StartsWith("unix://", StringComparison.Ordinal) ? value["unix://".Length..] : value;
        return path.StartsWith('/') ? path : throw Wrong($"--socket wants unix:///PATH, not {value}");
    }

    private static TimeSpan Seconds(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds) && seconds <= 1e9
            ? TimeSpan.FromSeconds(seconds)
            : throw Wrong($"--idle-timeout wants seconds, not {value}");

    private static long Size(string value) => SizeText.TryParse(value, out var bytes) && bytes >= 0
        ? bytes
        : throw Wrong($"--blob-cache wants a size such as 2g, or 0, not {value}");

    private static LogLevel Level(string value) => value.ToLowerInvariant() switch
    {
        "trace" => LogLevel.Trace,
        "debug" => LogLevel.Debug,
        "info" => LogLevel.Information,
        "warn" or "warning" => LogLevel.Warning,
        "error" => LogLevel.Error,
        "none" => LogLevel.None,
        _ => throw Wrong($"--log-level wants trace, debug, info, warning, error or none, not {value}"),
    };

    private static EngineException Wrong(string what) => EngineException.InvalidInput($"{what} (try --help)");
}
