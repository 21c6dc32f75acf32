using Podsharp.Core.Errors;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.Network.Rootless;

/// <summary>pasta(1), which carries the packets of a network namespace by sockets of the user's. One stays with each namespace that it was started for.</summary>
internal sealed class PastaCommand(DriverOptions options, UserScopes scopes)
{
    private readonly Lazy<string> _program = new(() => ExecutablePath.Find("pasta")
        ?? throw EngineException.NotSupported("pasta is not installed: an ordinary user's containers need it for their network (package passt); --network host and none work without"));

    /// <summary>On failure none is left.</summary>
    /// <param name="arguments">As <see cref="PastaArguments"/> makes them.</param>
    /// <param name="description">For systemd.</param>
    public async Task StartAsync(string namespacePath, IReadOnlyList<string> arguments, string description, CancellationToken cancellationToken)
    {
        var command = new Command(_program.Value, arguments) { Environment = options.ToolEnvironment };
        try
        {
            // It goes into the background when the interface is there and the ports are bound.
            var result = await ProcessRunner.RunAsync(command, cancellationToken);
            if (!result.Succeeded) throw EngineException.Internal($"pasta: {Reason(result)}");
            foreach (var pid in PastaProcess.Find(namespacePath)) await scopes.MoveAsync("pasta", description, pid);
        }
        catch (Exception failure)
        {
            await PastaProcess.EndAsync(namespacePath);
            if (failure is SystemCallException or IOException) throw EngineException.Internal($"pasta: {failure.Message}", failure);
            throw;
        }
    }

    private static string Reason(ProcessResult result)
    {
        var text = result.ErrorText.Trim();
        return text.Length > 0 ? text : $"exit code {result.ExitCode}";
    }
}
