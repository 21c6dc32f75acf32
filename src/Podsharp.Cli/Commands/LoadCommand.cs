using System.CommandLine;
using System.Text.Json;
using Podsharp.Cli.Native;
using Podsharp.Wire.Docker.Streams;

namespace Podsharp.Cli.Commands;

internal static class LoadCommand
{
    public static Command Build(Connect connect)
    {
        var input = new Option<string?>("--input", "-i") { Description = "The archive; standard input without it", HelpName = "FILE" };
        var command = new Command("load", "Loads images from an archive (docker save, podman save, skopeo).") { input };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var archive = Open(parsed.GetValue(input));
            using var engine = connect(parsed);
            using var content = new StreamContent(archive, 1 << 20);
            content.Headers.ContentType = new("application/x-tar");
            using var reply = await engine.SendAsync(HttpMethod.Post, "/images/load?quiet=1", content, cancellationToken);
            using var lines = new StreamReader(await reply.Content.ReadAsStreamAsync(cancellationToken));
            while (await lines.ReadLineAsync(cancellationToken) is { } line) Print(line);
            return 0;
        });
        return command;
    }

    private static Stream Open(string? path)
    {
        if (path is null or "-")
            return Terminal.IsOn(0) ? throw new CliFailure("no archive: name a file with -i, or pipe one in") : Console.OpenStandardInput();
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CliFailure(exception.Message);
        }
    }

    // Lines of {"stream": text} and at worst {"error": text}: the status was sent long before.
    private static void Print(string line)
    {
        if (line.Length == 0) return;
        var message = JsonSerializer.Deserialize(line, StreamsJson.Default.ProgressMessage)!;
        if (message.Error is { } error) throw new CliFailure(error);
        Console.Out.Write(message.Stream);
    }
}
