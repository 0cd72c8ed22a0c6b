#:package RadTex@0.2.0
#:property PublishAot=false
// A radiograph's greys, of DICOM, PNG, TIFF or JPEG, as a portable greymap: dotnet run dicom.cs PICTURE OUT.pgm
using RadTex.Imaging;

var picture = FullRadiographReader.Read(args[0]).Fit(1024, 1024);
var table = picture.Tables[0];
using var output = File.Create(args[1]);
output.Write("P5\n"u8);
output.Write(System.Text.Encoding.ASCII.GetBytes($"{picture.Width} {picture.Height}\n255\n"));
output.Write([.. picture.Values.Select(value => table.Greys[value])]);
Console.WriteLine($"{args[1]}: {picture.Width} x {picture.Height}, shown as \"{table.Name}\"");
