using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Launch;
using Podsharp.Engine.System;
using Podsharp.Service.Options;
using Podsharp.Storage;

namespace Podsharp.Service.Wiring;

/// <summary>The engine with its store open, its drivers wired, and what an earlier service left taken up.</summary>
internal sealed partial class RunningEngine : IAsyncDisposable
{
    private readonly ServiceProvider _provider;
    private readonly Stores _stores;
    private readonly CancellationTokenSource _end = new();

    private RunningEngine(ServiceProvider provider, Stores stores, ServiceOptions options) => (_provider, _stores, Options) = (provider, stores, options);

    public IServiceProvider Services => _provider;

    public ServiceOptions Options { get; }

    public PendingDuties Duties => _provider.GetRequiredService<PendingDuties>();

    public static async Task<RunningEngine> OpenAsync(CommandLine line, Places places, ILoggerFactory loggers)
    {
        var options = ServiceOptions.Read(line, places.Rootless);
        foreach (var notice in options.Notices) Log.Notice(loggers.CreateLogger<RunningEngine>(), notice);
        var bootId = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
        var stores = await Stores.OpenAsync(places.Paths, bootId, TimeProvider.System, loggers, new StoreOptions { BlobCacheBytes = line.BlobCache });
        var provider = Wire(line, places, options, stores, loggers);
        var engine = new RunningEngine(provider, stores, options);
        engine.TakeUp();
        return engine;
    }

    /// <summary>Waits for duties that are under way, not for those that last.</summary>
    public async Task FinishDutiesAsync(TimeSpan grace)
    {
        var end = Environment.TickCount64 + (long)grace.TotalMilliseconds;
        while (Duties.Names.Any(IsShort) && Environment.TickCount64 < end) await Task.Delay(20);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _provider.DisposeAsync();
        await _stores.DisposeAsync();
        _end.Dispose();
    }

    // Health checks and restart delays go on in the next service's life.
    private static bool IsShort(string duty) =>
        !duty.StartsWith("health", StringComparison.Ordinal) && !duty.StartsWith("restart", StringComparison.Ordinal);

    private static ServiceProvider Wire(CommandLine line, Places places, ServiceOptions options, Stores stores, ILoggerFactory loggers)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>));
        services.AddSingleton(TimeProvider.System).AddSingleton(options.Engine).AddSingleton(places.Paths);
        StorageWiring.Add(services, stores);
        DriverWiring.Add(services, line, places, options);
        ContainerWiring.Add(services);
        ImageWiring.Add(services);
        NetworkWiring.Add(services);
        RegistryWiring.Add(services);
        SystemWiring.Add(services);
        return services.BuildServiceProvider();
    }

    private void TakeUp()
    {
        _provider.GetRequiredService<RecoverContainers>().Run();
        _ = _provider.GetRequiredService<ExitHandler>().RunAsync(_end.Token);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Notice}")]
        public static partial void Notice(ILogger logger, string notice);
    }
}
