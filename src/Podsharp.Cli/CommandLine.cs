using System.CommandLine;
using Podsharp.Cli.Commands;
using Podsharp.Cli.Commands.Run;
using Podsharp.Cli.Connection;

namespace Podsharp.Cli;

/// <summary>The commands, and what every one of them does with its failures.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Url = new("--url")
    {
        Description = "Where the engine listens, unix://PATH (also PODSHARP_HOST, DOCKER_HOST)", HelpName = "URL", Recursive = true,
    };

    // Their users read an exit code as the container's own: what the client itself has to say is 125.
    private static readonly string[] ContainerExitCommands = ["run", "exec"];

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Parse(arguments);
        var failureCode = ContainerExitCommands.Contains(parsed.CommandResult.Command.Name) ? ExitCodes.EngineFailed : 1;
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync(error.Message);
            await Console.Error.WriteLineAsync($"Try: podsharp {parsed.CommandResult.Command.Name} --help");
            return failureCode;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
        }
        catch (CliFailure failure)
        {
            await Console.Error.WriteLineAsync("Error: " + failure.Message);
            return failure.ExitCode;
        }
        catch (EngineRefusal refusal)
        {
            await Console.Error.WriteLineAsync("Error: " + refusal.Message);
            return failureCode;
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or System.Text.Json.JsonException)
        {
            await Console.Error.WriteLineAsync("Error: the engine's answer broke off or makes no sense: " + exception.Message);
            return failureCode;
        }
    }

    internal static ParseResult Parse(string[] arguments)
    {
        var root = Build();
        // "@name" is an argument like any other: a container's command line may hold it.
        return root.Parse(ContainerWords.Mark(root, arguments), new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    internal static RootCommand Build() => new("Runs containers by the Podsharp engine.")
    {
        Url,
        RunCommand.Build(Connect),
        ExecCommand.Build(Connect),
        ListCommand.Build(Connect),
        LogsCommand.Build(Connect),
        StopCommand.Build(Connect),
        RemoveCommand.Build(Connect),
        ImagesCommand.Build(Connect),
        LoadCommand.Build(Connect),
        NetworkCommand.Build(Connect),
        VersionCommand.Build(Connect),
    };

    private static EngineClient Connect(ParseResult parsed) =>
        new(EngineAddress.Choose(parsed.GetValue(Url), Environment.GetEnvironmentVariable, Environment.IsPrivilegedProcess));
}
