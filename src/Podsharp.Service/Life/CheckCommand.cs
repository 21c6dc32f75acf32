using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Podsharp.Core.Errors;
using Podsharp.Engine.Images.Push;
using Podsharp.Engine.System;
using Podsharp.Service.Options;
using Podsharp.Service.Wiring;
using Podsharp.Storage;

namespace Podsharp.Service.Life;

/// <summary>"podsharp-service check": the store is looked through while no service has it.</summary>
internal static class CheckCommand
{
    private const int Sound = 0;
    private const int Damaged = 1;
    private const int NotChecked = 2;

    public static async Task<int> RunAsync(CommandLine line, Places places, ILoggerFactory loggers)
    {
        try
        {
            using var owner = await StoreGuard.TakeAsync(places, woken: false, CancellationToken.None);
            var bootId = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id")).Trim();
            await using var stores = await Stores.OpenAsync(places.Paths, bootId, TimeProvider.System, loggers);
            await using var provider = Wire(stores, loggers);
            var report = await provider.GetRequiredService<CheckStore>().RunAsync(line.Repair, Print, CancellationToken.None);
            Console.WriteLine($"{report.Layers} layers and {report.Blobs} blobs checked, {report.Faults} damaged or missing");
            return report.Faults == 0 ? Sound : Damaged;
        }
        catch (EngineException failure)
        {
            await Console.Error.WriteLineAsync($"podsharp-service check: {failure.Message}");
            return NotChecked;
        }
    }

    private static ServiceProvider Wire(Stores stores, ILoggerFactory loggers)
    {
        var services = new ServiceCollection();
        services.AddSingleton(loggers).AddSingleton(typeof(ILogger<>), typeof(Logger<>)).AddSingleton(TimeProvider.System);
        StorageWiring.Add(services, stores);
        RegistryWiring.Add(services);
        return services.AddSingleton(stores.Check).AddSingleton<BlobSources>().AddSingleton<FetchAgain>().AddSingleton<CheckStore>().BuildServiceProvider();
    }

    private static void Print(CheckedPart part)
    {
        var needed = part.Images.Count == 0 ? "no image needs it" : $"needed by {string.Join(", ", part.Images)}";
        var advice = part.FetchedFrom is { } source ? $"; fetched again from {source}"
            : part.Dropped ? "; removed: load or pull what needs it"
            : part.Obstacle is { } obstacle ? $"; kept: {obstacle}"
            : "";
        Console.WriteLine($"{(part.Kind == PartKind.Layer ? "layer" : "blob")} {part.Digest}: {part.Fault}; {needed}{advice}");
    }
}
