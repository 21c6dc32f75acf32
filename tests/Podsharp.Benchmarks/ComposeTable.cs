using System.Collections.Concurrent;
using System.Text;

namespace Podsharp.Benchmarks;

/// <summary>docker compose 2 with twenty services on one network.</summary>
internal static class ComposeTable
{
    private const int Services = 20;

    public static IReadOnlyList<Work> Works(bool quick)
    {
        var rounds = quick ? 1 : 5;
        return
        [
            Row($"compose up of {Services} services", rounds, before: null, measured: ["up", "-d"], after: ["down"]),
            Row($"compose down of {Services} services", rounds, before: ["up", "-d"], measured: ["down"], after: null),
        ];
    }

    private static Work Row(string name, int rounds, string[]? before, string[] measured, string[]? after)
    {
        var projects = new ConcurrentDictionary<string, ComposeProject>();
        return new Work
        {
            Name = name,
            Unit = "ms",
            Target = 2,
            Rounds = rounds,
            Prepare = async engine => projects[engine.Name] = await ComposeProject.CreateAsync(new PeerEngine(engine.Socket), ComposeGeneration.Two, "race", File()),
            MeasureAsync = async engine =>
            {
                var project = projects[engine.Name];
                if (before is not null) await project.OutputAsync(before);
                var time = await Race.MillisecondsAsync(() => project.OutputAsync(measured));
                if (after is not null) await project.OutputAsync(after);
                return time;
            },
            CleanUp = async engine =>
            {
                if (projects.TryRemove(engine.Name, out var project)) await project.DisposeAsync();
            },
        };
    }

    // Each ends at once when told, so that only the engines' own time counts.
    private static string File()
    {
        var file = new StringBuilder("services:\n");
        for (var number = 1; number <= Services; number++)
            file.Append($"  s{number}: {{ image: {BusyboxImage.Name}, command: [sh, -c, \"trap 'exit 0' TERM; while :; do sleep 1000 & wait; done\"] }}\n");
        return file.ToString();
    }
}
