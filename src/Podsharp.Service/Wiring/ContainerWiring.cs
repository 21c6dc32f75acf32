using Microsoft.Extensions.DependencyInjection;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Attach;
using Podsharp.Engine.Containers.Commit;
using Podsharp.Engine.Containers.Copy;
using Podsharp.Engine.Containers.Labels;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.Containers.Update;
using Podsharp.Engine.Containers.Usage;
using Podsharp.Engine.Execs;
using Podsharp.Engine.Health;

namespace Podsharp.Service.Wiring;

internal static class ContainerWiring
{
    public static void Add(IServiceCollection services)
    {
        AddVerbs(services);
        AddExecs(services);
        services
            .AddSingleton<ContainerLookup>()
            .AddSingleton<ContainerLocks>()
            .AddSingleton<ContainerWaiters>()
            .AddSingleton<AttachGate>()
            .AddSingleton<ContainerLabels>()
            .AddSingleton<FileLabeling>()
            .AddSingleton<LaunchFiles>()
            .AddSingleton<LaunchMounts>()
            .AddSingleton<ContainerStates>()
            .AddSingleton<ContainerFreezer>()
            .AddSingleton<LaunchGround>()
            .AddSingleton<ContainerDefinition>()
            .AddSingleton<ContainerRemoval>()
            .AddSingleton<LaunchAnnouncer>()
            .AddSingleton<RestartSchedule>()
            .AddSingleton<ContainerLauncher>()
            .AddSingleton<ContainerStop>()
            .AddSingleton<ExitHandler>()
            .AddSingleton<ContainerStill>()
            .AddSingleton<ContainerAccess>()
            .AddSingleton<CommittedConfig>()
            .AddSingleton<LaunchPreparation>()
            .AddSingleton<ContainerCleanup>()
            .AddSingleton<RecoveryWork>()
            .AddSingleton<ExitAftermath>()
            .AddSingleton<HealthProbe>()
            .AddSingleton<HealthRecords>()
            .AddSingleton<HealthMonitor>();
    }

    private static void AddVerbs(IServiceCollection services) => services
        .AddSingleton<AttachContainer>()
        .AddSingleton<CommitContainer>()
        .AddSingleton<CopyFromContainer>()
        .AddSingleton<CopyToContainer>()
        .AddSingleton<LookAtPath>()
        .AddSingleton<CreateContainer>()
        .AddSingleton<ExportContainer>()
        .AddSingleton<InspectContainer>()
        .AddSingleton<EngineChoices>()
        .AddSingleton<KillContainer>()
        .AddSingleton<ListChanges>()
        .AddSingleton<ListContainers>()
        .AddSingleton<ListProcesses>()
        .AddSingleton<MeasureContainer>()
        .AddSingleton<PauseContainer>()
        .AddSingleton<PruneContainers>()
        .AddSingleton<ReadLogs>()
        .AddSingleton<RecoverContainers>()
        .AddSingleton<RemoveContainer>()
        .AddSingleton<RenameContainer>()
        .AddSingleton<ResizeContainer>()
        .AddSingleton<RestartContainer>()
        .AddSingleton<StartContainer>()
        .AddSingleton<StopContainer>()
        .AddSingleton<UnpauseContainer>()
        .AddSingleton<UpdateContainer>()
        .AddSingleton<LiveLimits>()
        .AddSingleton<WaitContainer>();

    private static void AddExecs(IServiceCollection services) => services
        .AddSingleton<CreateExec>()
        .AddSingleton<InspectExec>()
        .AddSingleton<ResizeExec>()
        .AddSingleton<StartExec>()
        .AddSingleton<ExecCompletion>()
        .AddSingleton<ExecProcessBuilder>()
        .AddSingleton<ExecSessions>();
}
