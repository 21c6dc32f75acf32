using Podsharp.Core.Containers;
using Podsharp.Core.Oci;
using Podsharp.Core.Runtime;
using Podsharp.Core.Storage;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Engine.Events;
using Podsharp.Engine.Networks;

namespace Podsharp.Engine.Containers.Launch;

/// <summary>
/// Starts a container's process. What was made is recorded as owed before it is made, so that a service that dies here finds it again.
/// </summary>
public sealed class ContainerLauncher(
    IContainerRuntime runtime,
    LaunchGround ground,
    LaunchPreparation preparation,
    ContainerStates states,
    ContainerCleanup cleanup,
    LaunchAnnouncer announcer)
{
    /// <summary>The caller holds the container's lock; the container is down and owes no clean-up.</summary>
    public async Task<Container> LaunchAsync(Container container, CancellationToken cancellationToken)
    {
        runtime.Anticipate();
        try
        {
            var plan = await ground.PlanAsync(container, cancellationToken);
            container = await RecordAsync(container, plan, cancellationToken);
            return await CreateAndStartAsync(container, plan, cancellationToken);
        }
        catch (Exception error)
        {
            announcer.Failed(container, error);
            if (container.State.CleanupOwed) container = await cleanup.RunAsync(container);
            await states.SaveAsync(container, LaunchFailure.Apply(container.State, error), CancellationToken.None);
            throw;
        }
    }

    private async Task<Container> RecordAsync(Container container, NetworkPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            return await states.SaveAsync(container, Owing(container, plan), cancellationToken);
        }
        catch
        {
            // What is not on record would never be given back.
            await ground.UndoPlanAsync(container, plan);
            throw;
        }
    }

    private ContainerState Owing(Container container, NetworkPlan plan) => container.State with
    {
        Generation = container.State.Generation + 1,
        CleanupOwed = true,
        Error = "",
        OomKilled = false,
        Endpoints = [.. plan.Endpoints.Select(static pair => pair.Endpoint)],
        Ports = plan.Ports,
        NetworkNamespace = plan.OwnsNamespace ? ground.NamespacePath(container.Id) : "",
    };

    private async Task<Container> CreateAndStartAsync(Container container, NetworkPlan plan, CancellationToken cancellationToken)
    {
        var root = await ground.MakeAsync(container, plan, cancellationToken);
        var spec = await preparation.BuildAsync(container, plan, root.Path, root.SharedMemory, cancellationToken);

        // The network is set up beside the runtime's create: the process does not run before start.
        var network = ground.SetUpNetworkAsync(container, plan, cancellationToken);
        var create = runtime.CreateAsync(Request(container, spec), cancellationToken);
        await Task.WhenAll(network, create);

        var created = await create;
        container = container with
        {
            State = container.State with
            {
                Pid = created.Pid,
                PidStartTime = created.StartTime,
                MonitorPid = created.MonitorPid,
                AppArmorProfile = spec.Process.ApparmorProfile ?? "",
            },
        };
        await announcer.CreatedAsync(container, cancellationToken);
        // Its time is taken before: some processes end sooner than their start returns.
        var started = announcer.Started(container);
        await runtime.StartAsync(container.Id, cancellationToken);
        container = await states.SaveAsync(container, started, cancellationToken);
        await announcer.StartedAsync(container, cancellationToken);
        return container;
    }

    private CreateProcessRequest Request(Container container, RuntimeSpec spec)
    {
        var process = container.Spec.Process;
        return new CreateProcessRequest
        {
            Id = container.Id,
            Name = container.Name,
            Generation = container.State.Generation,
            Spec = spec,
            Terminal = process.Terminal,
            OpenStdin = process.OpenStdin,
            LeaveStdinOpen = process.OpenStdin && !process.StdinOnce,
            LogDriver = container.LogDriver,
            LogTag = container.LogDriver == "journald" && container.Spec.Log.Options.TryGetValue("tag", out var tag) ? LogTag.Expand(tag, container) : "",
            LogSizeMaximum = preparation.LogSizeOf(container),
            Runtime = container.Spec.Runtime,
            DefaultSeccomp = spec.Linux.Seccomp is not null,
        };
    }
}
