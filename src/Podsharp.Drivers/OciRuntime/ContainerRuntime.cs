using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Core.Oci;
using Podsharp.Core.Runtime;
using Podsharp.Drivers.Execs;
using Podsharp.Drivers.Monitors;
using Podsharp.Linux;
using Podsharp.Linux.Processes;

namespace Podsharp.Drivers.OciRuntime;

/// <summary>crun or runc, under conmon.</summary>
public sealed class ContainerRuntime : IContainerRuntime
{
    private readonly DriverOptions _options;
    private readonly RuntimeChoice _runtimes;
    private readonly MonitorLauncher _monitors;
    private readonly SeccompCache _seccomp;
    private readonly ExecLauncher _execs;
    private readonly MigrationLock _migration = new();
    private readonly TerminalSizes _sizes = new();

    // Created and not yet started: hooks that follow a start are the runtime's own start's to run.
    private readonly ConcurrentDictionary<ContainerId, bool> _startHooks = new();

    public ContainerRuntime(DriverOptions options)
    {
        _options = options;
        _runtimes = new RuntimeChoice(options);
        _monitors = new MonitorLauncher(options, new MonitorCommand(options), new MonitorPlace(options));
        _seccomp = new SeccompCache(options.Paths);
        _execs = new ExecLauncher(options, _runtimes);
    }

    /// <summary>Path of the runtime that is the default as things stand.</summary>
    public string DefaultRuntime => _runtimes.Default.Path;

    public void Anticipate() => _migration.Anticipate();

    public async Task<CreatedProcess> CreateAsync(CreateProcessRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var runtime = _runtimes.For(request.Runtime);
        try
        {
            return await CreateAsync(request, runtime);
        }
        catch (EngineException failure) when (request.Runtime.Length == 0 && RuntimeFailure.RefusesControlGroups(failure.Message)
            && _runtimes.FallBackFrom(runtime) is not null)
        {
            return await CreateAsync(request, _runtimes.Default);
        }
    }

    public async Task StartAsync(ContainerId id, CancellationToken cancellationToken)
    {
        var runtime = _runtimes.Of(id);
        if (runtime.IsCrun && !_startHooks.TryRemove(id, out _) && StartFifo.TryRelease(runtime.StateOf(id))) return;
        var result = await RunAsync(id, ["start", id.ToString()], cancellationToken);
        if (!result.Succeeded) throw RuntimeFailure.Of(Text(result), "");
    }

    public Task<bool> SignalAsync(Container container, int signal, CancellationToken cancellationToken)
    {
        using var process = PidDescriptor.OpenExactly(container.State.Pid, container.State.PidStartTime);
        return Task.FromResult(process is not null && PidDescriptor.Signal(process, signal));
    }

    public Task PauseAsync(ContainerId id, CancellationToken cancellationToken) => RunOrThrowAsync(id, ["pause", id.ToString()], cancellationToken);

    public Task ResumeAsync(ContainerId id, CancellationToken cancellationToken) => RunOrThrowAsync(id, ["resume", id.ToString()], cancellationToken);

    public async Task DeleteAsync(ContainerId id, CancellationToken cancellationToken)
    {
        _startHooks.TryRemove(id, out _);
        var runtime = _runtimes.Of(id);
        var state = runtime.StateOf(id);
        var generations = Generations(id);
        var controlGroup = generations.Select(bundle => bundle.ControlGroupPath()).FirstOrDefault(static path => path is not null);
        if (Directory.Exists(state) && !await QuickRemoval.TryAsync(runtime, state, controlGroup, cancellationToken))
            await RunOrThrowAsync(id, ["delete", "--force", id.ToString()], cancellationToken);
        // A create that failed may leave its group: the runtime gives up on one whose last process is still ending.
        if (controlGroup is not null && !runtime.SystemdCgroups) await ControlGroupRemoval.RunAsync(controlGroup, cancellationToken);
        _runtimes.Forget(id);
        foreach (var bundle in generations) RemoveTree(bundle.Directory);
    }

    public async Task UpdateAsync(ContainerId id, LinuxResources resources, CancellationToken cancellationToken)
    {
        const int descriptor = 3;
        using var file = MemoryFile.Create("resources", JsonSerializer.SerializeToUtf8Bytes(resources, RuntimeJson.Default.LinuxResources));
        var command = _runtimes.Of(id).Command(null, "update", "--resources", $"/proc/self/fd/{descriptor}", id.ToString());
        var result = await ProcessRunner.RunAsync(
            command with { Descriptors = [((int)file.DangerousGetHandle(), descriptor)] }, cancellationToken);
        if (!result.Succeeded) throw EngineException.Internal(Text(result));
    }

    public async Task<IStdio> AttachAsync(Container container, CancellationToken cancellationToken)
    {
        var stdio = AttachedStdio.Connect(BundleOf(container), container.State.Pid, container.State.PidStartTime);
        await AttachQueue.EmptyAsync();
        return stdio;
    }

    public Task ResizeAsync(Container container, TerminalSize size, CancellationToken cancellationToken) =>
        _sizes.SetAsync(BundleOf(container), size, cancellationToken);

    public Task ReopenLogAsync(Container container, CancellationToken cancellationToken) =>
        ControlPipe.ReopenLogAsync(BundleOf(container), cancellationToken);

    public Task<IExecProcess> ExecAsync(ExecProcessRequest request, CancellationToken cancellationToken) =>
        _execs.LaunchAsync(request, cancellationToken);

    public Task<IReadOnlyList<int>> ProcessesAsync(Container container, CancellationToken cancellationToken) =>
        Task.FromResult(ControlGroup.Processes(BundleOf(container), container.State.Pid));

    public bool IsAlive(int pid, long startTime) =>
        ProcessStatus.Read(pid) is { IsDead: false } status && status.StartTime == startTime;

    private async Task<CreatedProcess> CreateAsync(CreateProcessRequest request, Runtime runtime)
    {
        var bundle = Bundle.Of(_options.Paths, request.Id, request.Generation);
        try
        {
            Directory.CreateDirectory(bundle.Directory);
            Directory.CreateDirectory(runtime.StateRoot);
            _runtimes.Remember(request.Id, runtime);
            if (request.Spec.Hooks?.Poststart is not null) _startHooks[request.Id] = true;
            var spec = request.DefaultSeccomp ? _seccomp.Apply(request.Spec, runtime) : request.Spec;
            using (var file = File.Create(bundle.Configuration)) JsonSerializer.Serialize(file, spec, RuntimeJson.Default.RuntimeSpec);

            var created = await _monitors.LaunchAsync(request, runtime, bundle);
            if (request.DefaultSeccomp) _seccomp.Keep(request.Spec, runtime, request.Id);
            return created;
        }
        catch (Exception failure)
        {
            await DeleteAsync(request.Id, CancellationToken.None);
            if (failure is IOException { HResult: ErrorNumber.NoSpace } or SystemCallException { ErrorNumber: ErrorNumber.NoSpace })
                throw EngineException.Exhausted($"cannot prepare container {request.Id.Short}: no space or no inodes left in {_options.Paths.RunRoot} or {_options.Paths.Root}", failure);
            throw;
        }
    }

    private Bundle BundleOf(Container container) => Bundle.Of(_options.Paths, container.Id, container.State.Generation);

    // Newest first. Never the whole directory: the container's root may be mounted in it.
    private List<Bundle> Generations(ContainerId id)
    {
        var directory = _options.Paths.RunContainer(id);
        if (!Directory.Exists(directory)) return [];
        return
        [
            .. Directory.EnumerateDirectories(directory)
                .Select(static entry => int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1)
                .Where(static number => number >= 0)
                .OrderDescending()
                .Select(number => Bundle.Of(_options.Paths, id, number)),
        ];
    }

    private static void RemoveTree(string directory)
    {
        const int attempts = 5;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (IOException) when (attempt < attempts)
            {
                // A monitor that has just ended may still be writing its exit file here.
            }
        }
    }

    private Task<ProcessResult> RunAsync(ContainerId id, ReadOnlySpan<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            // crun tells hooks the container's state, and many do not read it.
            return ProcessRunner.RunAsync(_runtimes.Of(id).Command(null, arguments) with { IgnoresBrokenPipes = true }, cancellationToken);
        }
        catch (SystemCallException failure)
        {
            throw EngineException.Internal(failure.Message, failure);
        }
    }

    private async Task RunOrThrowAsync(ContainerId id, string[] arguments, CancellationToken cancellationToken)
    {
        var result = await RunAsync(id, arguments, cancellationToken);
        if (!result.Succeeded) throw EngineException.Internal(Text(result));
    }

    private static string Text(ProcessResult result)
    {
        var text = result.ErrorText.Trim();
        return text.Length > 0 ? text : $"the OCI runtime failed with exit code {result.ExitCode}";
    }
}
