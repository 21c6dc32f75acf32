using Podsharp.Cli.Connection;

namespace Podsharp.Cli.Commands;

/// <summary>One request for each container named: the failing ones are told, the others done and printed.</summary>
internal static class ManyContainers
{
    public static async Task<int> ForEachAsync(IReadOnlyList<string> names, Func<string, Task> act)
    {
        var exitCode = 0;
        foreach (var name in names)
        {
            try
            {
                await act(Uri.EscapeDataString(name));
                await Console.Out.WriteLineAsync(name);
            }
            catch (EngineRefusal refusal)
            {
                await Console.Error.WriteLineAsync("Error: " + refusal.Message);
                exitCode = 1;
            }
        }

        return exitCode;
    }
}
