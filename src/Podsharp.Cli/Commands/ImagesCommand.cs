using System.CommandLine;
using Podsharp.Wire.Docker.Images;

namespace Podsharp.Cli.Commands;

internal static class ImagesCommand
{
    private const string None = "<none>";

    public static Command Build(Connect connect)
    {
        var all = new Option<bool>("--all", "-a") { Description = "Intermediate ones too" };
        var quiet = new Option<bool>("--quiet", "-q") { Description = "Ids only" };
        var whole = new Option<bool>("--no-trunc") { Description = "Whole ids" };
        var command = new Command("images", "Lists images.") { all, quiet, whole };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            using var engine = connect(parsed);
            var path = "/images/json?all=" + (parsed.GetValue(all) ? "1" : "0");
            var images = await engine.GetAsync(path, ImagesJson.Default.IReadOnlyListImageSummary, cancellationToken);
            if (parsed.GetValue(quiet))
                foreach (var image in images) Console.Out.WriteLine(Id(image, parsed.GetValue(whole)));
            else Console.Out.Write(Table(images, parsed.GetValue(whole), DateTimeOffset.UtcNow));
            return 0;
        });
        return command;
    }

    internal static TextTable Table(IReadOnlyList<ImageSummary> images, bool whole, DateTimeOffset now)
    {
        var table = new TextTable("REPOSITORY", "TAG", "IMAGE ID", "CREATED", "SIZE");
        foreach (var image in images)
        {
            var age = HumanText.Age(now - DateTimeOffset.FromUnixTimeSeconds(image.Created)) + " ago";
            IReadOnlyList<string> names = image.RepoTags is { Count: > 0 } tags ? tags : [$"{None}:{None}"];
            foreach (var name in names)
            {
                var colon = name.LastIndexOf(':');
                table.Add(name[..colon], name[(colon + 1)..], Id(image, whole), age, HumanText.Size(image.Size));
            }
        }

        return table;
    }

    private static string Id(ImageSummary image, bool whole) => whole ? image.Id : HumanText.ShortId(image.Id);
}
