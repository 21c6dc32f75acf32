using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;

namespace Podsharp.Engine.Containers;

/// <summary>Checks names and makes them up.</summary>
internal static partial class ContainerNames
{
    private static readonly string[] Qualities =
    [
        "able", "agile", "amber", "ample", "apt", "azure", "balmy", "brave", "brisk", "bright", "calm", "candid", "clever", "coral", "cosy",
        "crisp", "daring", "deft", "eager", "early", "earnest", "fair", "fleet", "fond", "frank", "fresh", "gentle", "glad", "golden", "grand",
        "happy", "hardy", "honest", "humble", "ideal", "jolly", "keen", "kind", "lively", "loyal", "lucid", "lunar", "mellow", "merry", "mild",
        "modest", "neat", "nimble", "noble", "open", "patient", "placid", "plucky", "polite", "prime", "proud", "quick", "quiet", "rapid",
        "ready", "robust", "rosy", "royal", "sage", "serene", "sharp", "silent", "simple", "sleek", "smart", "snug", "solar", "solid", "spry",
        "steady", "still", "sturdy", "sunny", "swift", "tidy", "tranquil", "trusty", "upbeat", "valiant", "vivid", "warm", "wise", "witty", "zesty",
    ];

    private static readonly string[] Things =
    [
        "acorn", "alder", "anchor", "antelope", "aspen", "badger", "beacon", "beaver", "birch", "bison", "brook", "canyon", "cedar", "cliff",
        "clover", "comet", "condor", "coral", "crane", "creek", "cypress", "delta", "dolphin", "dune", "eagle", "ember", "falcon", "fern",
        "finch", "fjord", "forest", "fox", "garnet", "gecko", "glacier", "grove", "harbour", "hawk", "hazel", "heron", "hill", "ibis", "iris",
        "island", "ivy", "jasper", "juniper", "kestrel", "lagoon", "lake", "larch", "lark", "lily", "lynx", "maple", "marsh", "marten", "meadow",
        "mesa", "moss", "oak", "ocean", "orchid", "osprey", "otter", "owl", "pebble", "pine", "plover", "pond", "poplar", "quartz", "raven",
        "reef", "ridge", "river", "robin", "rowan", "seal", "sparrow", "spruce", "stork", "summit", "swan", "thrush", "tide", "valley", "willow",
    ];

    public static string Checked(string name)
    {
        var bare = name.StartsWith('/') ? name[1..] : name;
        return Pattern().IsMatch(bare)
            ? bare
            : throw EngineException.InvalidInput($"Invalid container name ({name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed");
    }

    public static string MadeUp(IContainerStore containers)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var name = RandomNumberGenerator.GetItems<string>(Qualities, 1)[0] + "_" + RandomNumberGenerator.GetItems<string>(Things, 1)[0];
            if (attempt > 3) name += RandomNumberGenerator.GetInt32(10, 10000).ToString();
            if (containers.FindByName(name) is null) return name;
        }

        return "container_" + RandomNumberGenerator.GetHexString(12, lowercase: true);
    }

    [GeneratedRegex(@"^[a-zA-Z0-9][a-zA-Z0-9_.-]{1,254}\z")]
    private static partial Regex Pattern();
}
