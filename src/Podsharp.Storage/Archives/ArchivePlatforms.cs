using System.Runtime.InteropServices;
using Podsharp.Core.Images;

namespace Podsharp.Storage.Archives;

/// <summary>The images of an archive with their names: of those of several platforms that a name is given to, it is one's own and means the others for their platforms.</summary>
/// <param name="asked">The only platforms that count; empty: all.</param>
internal sealed class ArchivePlatforms(IReadOnlyList<Platform> asked)
{
    private readonly List<Entry> _images = [];
    private readonly Dictionary<Digest, Entry> _byId = [];
    private readonly Dictionary<ImageReference, List<Entry>> _named = [];
    private int _names;

    private static Platform Host { get; } = Platform.Of(
        "linux", RuntimeInformation.ProcessArchitecture is Architecture.X64 ? "amd64" : RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(), "");

    public int Count => _images.Count;

    public bool Has(Digest id) => _byId.ContainsKey(id);

    public bool IsAskedFor(ImageConfig config) => asked.Count == 0 || asked.Any(platform => platform.Matches(config));

    /// <param name="make">Reads the image where it is not known yet; null leaves it out.</param>
    public void Add(ArchiveConfigs.Known config, IReadOnlyCollection<ImageReference> names, bool isInItems, Func<ArchiveImage?> make)
    {
        if ((_names += names.Count) > ArchiveLimits.Names) throw ArchiveLimits.Exceeded($"it gives more than {ArchiveLimits.Names} names");
        if (!_byId.TryGetValue(config.Id, out var entry))
        {
            if (make() is not { } image) return;
            entry = new Entry(image, Platform.Of(config.Config), isInItems);
            _byId.Add(config.Id, entry);
            _images.Add(entry);
        }

        entry.IsNameless |= names.Count == 0;
        foreach (var name in names)
        {
            if (!_named.TryGetValue(name, out var named)) _named.Add(name, named = []);
            named.Add(entry);
        }
    }

    /// <summary>Those that count, with their names.</summary>
    public IReadOnlyList<ArchiveImage> Finish()
    {
        foreach (var (name, named) in _named)
        {
            // What comes last of a platform has the name.
            var platforms = named.AsEnumerable().Reverse().DistinctBy(static entry => entry.Platform).Reverse().ToList();
            var chosen = asked.Count > 0
                ? [.. asked.Select(platform => Best(platforms, platform)).OfType<Entry>().Distinct()]
                : platforms;
            var own = asked.Count > 0 ? chosen[0] : platforms.Find(static entry => entry.IsInItems) ?? Best(platforms, Host) ?? platforms[0];
            foreach (var entry in chosen) (entry == own ? entry.Tags : entry.PlatformTags).Add(name);
        }

        return
        [
            .. _images.Where(entry => asked.Count == 0 || entry.IsNameless || entry.Tags.Count + entry.PlatformTags.Count > 0)
                .Select(static entry => entry.Image with { Tags = [.. entry.Tags], PlatformTags = [.. entry.PlatformTags] }),
        ];
    }

    // An exact variant first.
    private static Entry? Best(List<Entry> entries, Platform wanted) =>
        entries.Find(entry => entry.Platform == wanted) ?? entries.Find(entry => wanted.Includes(entry.Platform));

    private sealed class Entry(ArchiveImage image, Platform platform, bool isInItems)
    {
        public ArchiveImage Image { get; } = image;

        public Platform Platform { get; } = platform;

        public bool IsInItems { get; } = isInItems;

        public bool IsNameless { get; set; }

        public List<ImageReference> Tags { get; } = [];

        public List<ImageReference> PlatformTags { get; } = [];
    }
}
