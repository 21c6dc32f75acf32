using Podsharp.Core.Errors;
using Podsharp.Core.Networks;
using Podsharp.Linux;
using Podsharp.Linux.Processes;
using Podsharp.Linux.SystemdBus;

namespace Podsharp.Drivers.Network;

/// <summary>
/// The network of an ordinary user, who may not touch the host's: one pasta(1) for each container carries its packets by sockets of the
/// user's. Each container has its address on the default network to itself and reaches the outside; others reach its published ports.
/// </summary>
public sealed class Pasta(DriverOptions options) : INetworkDriver
{
    private readonly Lazy<string> _program = new(() => ExecutablePath.Find("pasta")
        ?? throw EngineException.NotSupported("pasta is not installed: an ordinary user's containers need it for their network (package passt); --network host and none work without"));

    private readonly SystemdManager _systemd = new(user: true);

    // It makes none.
    public event Action? RulesLost
    {
        add { }
        remove { }
    }

    public async Task SetUpAsync(NetworkAttachment attachment, CancellationToken cancellationToken)
    {
        if (attachment.Endpoints is not [{ Network: { Predefined: true, Driver: "bridge" } } place])
            throw EngineException.NotSupported("a service of an ordinary user knows the default network, host and none: it cannot put a container on other networks");

        var command = new Command(_program.Value, PastaArguments.For(attachment, place.Endpoint)) { Environment = options.ToolEnvironment };
        try
        {
            // It goes into the background when the interface is there and the ports are bound.
            var result = await ProcessRunner.RunAsync(command, cancellationToken);
            if (!result.Succeeded) throw EngineException.Internal($"pasta: {Reason(result)}");
            if (options.SystemdCgroups) await MoveAsync(attachment);
        }
        catch (Exception failure)
        {
            await PastaProcess.EndAsync(attachment.NamespacePath);
            if (failure is SystemCallException or IOException) throw EngineException.Internal($"pasta: {failure.Message}", failure);
            throw;
        }
    }

    public Task TearDownAsync(NetworkAttachment attachment, CancellationToken cancellationToken) => PastaProcess.EndAsync(attachment.NamespacePath);

    public Task CheckAsync(Core.Networks.Network network, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>No firewall rules are of an ordinary user's making.</summary>
    public Task RestoreAsync(NetworkAttachment attachment, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task RemoveAsync(Core.Networks.Network network, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>There is no interface on the host that could be in anybody's way.</summary>
    public bool Keeps(Core.Networks.Network network) => true;

    // In the service's own unit it would be a left-over.
    private async Task MoveAsync(NetworkAttachment attachment)
    {
        foreach (var pid in PastaProcess.Find(attachment.NamespacePath))
        {
            await _systemd.StartScopeAsync(
                $"podsharp-pasta-{attachment.ContainerId}.scope", "user.slice", $"Network of container {attachment.ContainerName}", pid);
        }
    }

    private static string Reason(ProcessResult result)
    {
        var text = result.ErrorText.Trim();
        return text.Length > 0 ? text : $"exit code {result.ExitCode}";
    }
}
