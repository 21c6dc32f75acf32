using System.Formats.Tar;
using System.Text;
using Podsharp.Differential.Play;

namespace Podsharp.Differential.Shapes;

/// <summary>Makes the shape of a whole reply: status, the headers that clients read, and the body by its kind.</summary>
public static class ReplyShape
{
    private const string PathStat = "X-Docker-Container-Path-Stat";

    private static readonly string[] Headers =
        ["Content-Type", "Api-Version", "Docker-Experimental", "Ostype", "Builder-Version", "Swarm", "Cache-Control", "Pragma", "Upgrade", "Location", "Warning", "Trailer"];

    public static Shape Of(Reply reply, Normaliser normaliser, bool typesOnly)
    {
        var shape = new Shape(normaliser, typesOnly);
        shape.AddText("status", reply.Status.ToString());
        foreach (var header in Headers)
            if (reply.Headers.TryGetValue(header, out var value)) shape.AddText("header " + header, value);
        if (reply.Headers.TryGetValue(PathStat, out var stat))
            foreach (var document in JsonTexts.Read(Convert.FromBase64String(stat))) shape.AddJson("path stat", document);
        AddBody(shape, reply);
        return shape;
    }

    private static void AddBody(Shape shape, Reply reply)
    {
        if (reply.Body.Length == 0)
        {
            shape.AddText("body", "empty");
        }
        else if (reply.ContentType == "application/x-tar" || IsTar(reply.Body))
        {
            AddTar(shape, reply.Body);
        }
        else if (JsonTexts.Read(reply.Body) is { Count: > 0 } documents && (char)reply.Body[0] is '{' or '[' or 'n')
        {
            foreach (var document in documents) shape.AddJson(documents.Count > 1 ? "[]" : "", document);
        }
        else
        {
            shape.AddText("body", Frames.IsFramed(reply.Body) ? Frames.Read(reply.Body) : Encoding.UTF8.GetString(reply.Body));
        }
    }

    private static bool IsTar(byte[] body) => body.Length > 512 && body.AsSpan(257, 5).SequenceEqual("ustar"u8);

    private static void AddTar(Shape shape, byte[] body)
    {
        using var tar = new TarReader(new MemoryStream(body));
        try
        {
            while (tar.GetNextEntry() is { } entry)
                shape.AddText("entry " + entry.Name, $"{entry.EntryType} {Convert.ToString((int)entry.Mode, 8)} {entry.Uid}:{entry.Gid} {entry.LinkName}");
        }
        catch (Exception failure) when (failure is InvalidDataException or EndOfStreamException or FormatException)
        {
            shape.AddText("body", "a tar that can't be read: " + failure.Message);
        }
    }
}
