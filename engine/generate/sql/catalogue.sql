-- What is sold, where, and to whom: the constant tables that the rest draws from.

-- Twelve categories of eight products each, cheapest to dearest: product 8 (c - 1) + i is the i-th of category c.
SET VARIABLE shelves = [
    {c: 'garden plants', p: [
        {n: 'Herb trio in clay pots', b: 'Marlpit', x: 1450}, {n: 'Spring bulb collection', b: 'Marlpit', x: 1600}, {n: 'Wildflower seed mat', b: 'Marlpit', x: 1850},
        {n: 'Lavender hedge, six plants', b: 'Tolland', x: 2900}, {n: 'Climbing rose Estuary', b: 'Tolland', x: 3400}, {n: 'Potted olive tree', b: 'Tolland', x: 6500},
        {n: 'Espalier apple tree', b: 'Tolland', x: 8900}, {n: 'Raised bed with compost', b: 'Ostler & Wren', x: 12900}]},
    {c: 'garden tools', p: [
        {n: 'Hand trowel', b: 'Pennywhistle', x: 890}, {n: 'Pruning shears', b: 'Pennywhistle', x: 1890}, {n: 'Watering can, 9 litres', b: 'Harbour & Field', x: 2250},
        {n: 'Border spade', b: 'Harbour & Field', x: 3450}, {n: 'Wheelbarrow', b: 'Brackenridge', x: 7900}, {n: 'Cordless hedge trimmer', b: 'Brackenridge', x: 11900},
        {n: 'Battery lawn mower', b: 'Brackenridge', x: 32900}, {n: 'Cedar greenhouse', b: 'Ostler & Wren', x: 89900}]},
    {c: 'outdoor furniture', p: [
        {n: 'Folding bistro chair', b: 'Pennywhistle', x: 3900}, {n: 'Picnic blanket', b: 'Harbour & Field', x: 2900}, {n: 'Parasol', b: 'Harbour & Field', x: 7900},
        {n: 'Deckchair', b: 'Harbour & Field', x: 8900}, {n: 'Acacia bench', b: 'Brackenridge', x: 17900}, {n: 'Fire bowl', b: 'Brackenridge', x: 14900},
        {n: 'Rope lounge chair', b: 'Ostler & Wren', x: 34900}, {n: 'Teak dining set', b: 'Ostler & Wren', x: 98900}]},
    {c: 'camping', p: [
        {n: 'Enamel mug', b: 'Pennywhistle', x: 790}, {n: 'Camping lantern', b: 'Pennywhistle', x: 2400}, {n: 'Gas stove', b: 'Harbour & Field', x: 3900},
        {n: 'Sleeping mat', b: 'Harbour & Field', x: 4900}, {n: 'Three-season sleeping bag', b: 'Kittiwake', x: 8900}, {n: 'Two-person tent', b: 'Kittiwake', x: 17900},
        {n: 'Family tent Skerry', b: 'Fjellvik', x: 42900}, {n: 'Expedition tent', b: 'Fjellvik', x: 64900}]},
    {c: 'hiking', p: [
        {n: 'Wool socks', b: 'Harbour & Field', x: 1490}, {n: 'Water bottle', b: 'Pennywhistle', x: 1890}, {n: 'Trekking poles', b: 'Kittiwake', x: 4900},
        {n: 'Day pack, 24 litres', b: 'Kittiwake', x: 6900}, {n: 'Merino base layer', b: 'Fjellvik', x: 7900}, {n: 'Hiking boots', b: 'Fjellvik', x: 16900},
        {n: 'Down jacket', b: 'Fjellvik', x: 24900}, {n: 'Mountain shell', b: 'Fjellvik', x: 38900}]},
    {c: 'kitchen', p: [
        {n: 'Tea towel pair', b: 'Pennywhistle', x: 990}, {n: 'Stoneware bowl', b: 'Harbour & Field', x: 1400}, {n: 'Chopping board', b: 'Harbour & Field', x: 2900},
        {n: 'Cafetiere', b: 'Harbour & Field', x: 3400}, {n: 'Cast-iron pan', b: 'Brackenridge', x: 5900}, {n: 'Knife set', b: 'Brackenridge', x: 8900},
        {n: 'Cast-iron casserole', b: 'Ostler & Wren', x: 18900}, {n: 'Stand mixer', b: 'Ostler & Wren', x: 32900}]},
    {c: 'lighting', p: [
        {n: 'Candle trio', b: 'Pennywhistle', x: 1290}, {n: 'String lights', b: 'Pennywhistle', x: 1990}, {n: 'Clip-on desk lamp', b: 'Harbour & Field', x: 2900},
        {n: 'Bedside lamp', b: 'Harbour & Field', x: 4500}, {n: 'Ceiling shade', b: 'Harbour & Field', x: 5900}, {n: 'Brass wall light', b: 'Brackenridge', x: 8900},
        {n: 'Floor lamp', b: 'Brackenridge', x: 14900}, {n: 'Pendant cluster', b: 'Ostler & Wren', x: 27900}]},
    {c: 'furniture', p: [
        {n: 'Flat-pack shelf', b: 'Pennywhistle', x: 3900}, {n: 'Step stool', b: 'Pennywhistle', x: 4500}, {n: 'Bedside table', b: 'Harbour & Field', x: 8900},
        {n: 'Desk', b: 'Harbour & Field', x: 16900}, {n: 'Oak bookcase', b: 'Harbour & Field', x: 32900}, {n: 'Bed frame', b: 'Brackenridge', x: 44900},
        {n: 'Dining table', b: 'Brackenridge', x: 64900}, {n: 'Linen sofa', b: 'Ostler & Wren', x: 129900}]},
    {c: 'textiles', p: [
        {n: 'Cushion cover', b: 'Pennywhistle', x: 1290}, {n: 'Bath towel', b: 'Pennywhistle', x: 1490}, {n: 'Door mat', b: 'Harbour & Field', x: 2400},
        {n: 'Duvet set', b: 'Harbour & Field', x: 5900}, {n: 'Wool throw', b: 'Kittiwake', x: 6900}, {n: 'Curtain pair', b: 'Harbour & Field', x: 7900},
        {n: 'Jute rug', b: 'Brackenridge', x: 13900}, {n: 'Hand-woven rug', b: 'Ostler & Wren', x: 36900}]},
    {c: 'diy', p: [
        {n: 'Picture hooks', b: 'Pennywhistle', x: 490}, {n: 'Paint roller kit', b: 'Pennywhistle', x: 1490}, {n: 'Tool box', b: 'Harbour & Field', x: 2900},
        {n: 'Wall paint, 5 litres', b: 'Harbour & Field', x: 4200}, {n: 'Storage boxes, set of four', b: 'Harbour & Field', x: 3600}, {n: 'Step ladder', b: 'Brackenridge', x: 6900},
        {n: 'Cordless drill', b: 'Brackenridge', x: 9900}, {n: 'Workbench', b: 'Brackenridge', x: 17900}]},
    {c: 'children', p: [
        {n: 'Bug jar with lens', b: 'Pennywhistle', x: 990}, {n: 'Rain boots', b: 'Kittiwake', x: 1990}, {n: 'Wooden train', b: 'Pennywhistle', x: 2400},
        {n: 'Rain suit', b: 'Kittiwake', x: 3400}, {n: 'Children''s rucksack', b: 'Kittiwake', x: 3900}, {n: 'Sand and water table', b: 'Harbour & Field', x: 6900},
        {n: 'Balance bike', b: 'Kittiwake', x: 8900}, {n: 'Climbing frame', b: 'Brackenridge', x: 27900}]},
    {c: 'gifts', p: [
        {n: 'Card set', b: 'Pennywhistle', x: 690}, {n: 'Soap trio', b: 'Marlpit', x: 1490}, {n: 'Advent candle', b: 'Pennywhistle', x: 1290},
        {n: 'Puzzle of the coast', b: 'Kittiwake', x: 2200}, {n: 'Tea hamper', b: 'Marlpit', x: 3900}, {n: 'Weather station', b: 'Brackenridge', x: 7900},
        {n: 'Picnic hamper', b: 'Ostler & Wren', x: 11900}, {n: 'Brass barometer', b: 'Ostler & Wren', x: 18900}]}];
SET VARIABLE product_name = flatten([[item.n FOR item IN shelf.p] FOR shelf IN getvariable('shelves')]);
SET VARIABLE product_brand = flatten([[item.b FOR item IN shelf.p] FOR shelf IN getvariable('shelves')]);
SET VARIABLE product_pence = flatten([[item.x FOR item IN shelf.p] FOR shelf IN getvariable('shelves')]);
SET VARIABLE product_category = flatten([[shelf.c FOR item IN shelf.p] FOR shelf IN getvariable('shelves')]);

-- Twenty equal chances each: which of the twelve categories a line falls in, by interest.
SET VARIABLE interest_mix = MAP {
    'garden':   [1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 3, 3, 3, 6, 7, 9, 10, 12],
    'outdoor':  [4, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 5, 3, 3, 6, 10, 12],
    'home':     [6, 6, 6, 6, 7, 7, 7, 8, 8, 9, 9, 9, 9, 9, 9, 10, 10, 12, 1, 3],
    'children': [11, 11, 11, 11, 11, 11, 11, 11, 9, 9, 9, 6, 6, 4, 4, 12, 12, 7, 3, 1],
    'gifts':    [12, 12, 12, 12, 12, 12, 12, 12, 11, 11, 6, 6, 6, 7, 7, 7, 9, 9, 1, 5],
    'mixed':    [1, 1, 2, 3, 4, 5, 5, 6, 6, 6, 7, 7, 8, 9, 9, 9, 10, 10, 11, 12],
    'moving':   [8, 8, 8, 8, 7, 7, 7, 7, 10, 10, 10, 10, 10, 9, 9, 9, 6, 6, 2, 3],
    'business': [6, 6, 6, 7, 7, 7, 7, 3, 3, 3, 8, 8, 8, 10, 10, 10, 9, 9, 9, 12]};

-- The tables by interest and clock are read row by row, millions of times: from one flat list, at a number.
SET VARIABLE interests = map_keys(getvariable('interest_mix'));
SET VARIABLE mix = flatten(map_values(getvariable('interest_mix')));
CREATE OR REPLACE TEMP MACRO category_of(theme, draw) AS getvariable('mix')[theme * 20 - 19 + floor(draw * 20)::BIGINT];

-- How busy a month is, by interest (moving has no season): January to December.
SET VARIABLE season = MAP {
    'garden':   [0.2, 0.5, 1.6, 2.4, 2.4, 1.5, 0.9, 0.7, 0.8, 0.5, 0.2, 0.3],
    'outdoor':  [0.5, 0.6, 0.8, 1.1, 1.5, 1.8, 1.7, 1.2, 0.9, 0.9, 0.7, 0.9],
    'home':     [1.2, 0.9, 0.8, 0.8, 0.7, 0.6, 0.7, 0.8, 1.2, 1.3, 1.7, 1.4],
    'children': [0.6, 0.6, 0.8, 0.9, 1.0, 1.1, 1.1, 1.0, 0.9, 0.9, 1.5, 2.1],
    'gifts':    [0.2, 0.6, 0.6, 0.4, 0.5, 0.6, 0.3, 0.3, 0.4, 0.6, 2.3, 4.4],
    'mixed':    [0.8, 0.7, 0.9, 1.0, 1.1, 1.0, 0.9, 0.8, 0.9, 0.9, 1.4, 1.7],
    'moving':   [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0],
    'business': [1.3, 1.1, 1.2, 1.1, 1.1, 1.0, 0.8, 0.6, 1.2, 1.2, 0.9, 0.4]};

SET VARIABLE months = flatten(map_values(getvariable('season')));
CREATE OR REPLACE TEMP MACRO busy(interest, day) AS getvariable('months')[interest * 12 - 12 + month(DATE '1970-01-01' + day::INTEGER)];

-- Clock hours (London), twenty-four equal chances each.
SET VARIABLE clock = MAP {
    'day':    [7, 8, 8, 9, 10, 10, 11, 12, 12, 13, 13, 14, 15, 16, 17, 17, 18, 19, 19, 20, 20, 21, 21, 22],
    'night':  [22, 22, 22, 23, 23, 23, 23, 23, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 21, 20, 12, 13],
    'parent': [5, 9, 10, 12, 13, 13, 14, 20, 20, 20, 20, 21, 21, 21, 21, 21, 21, 22, 22, 22, 22, 19, 11, 9],
    'office': [8, 8, 9, 9, 9, 9, 10, 10, 10, 10, 11, 11, 11, 11, 12, 13, 14, 14, 14, 15, 15, 15, 16, 16]};

SET VARIABLE hours = flatten(map_values(getvariable('clock')));
-- hour_of: 1 day, 2 night, 3 parent, 4 office.
CREATE OR REPLACE TEMP MACRO hour_of(kind, draw) AS getvariable('hours')[kind * 24 - 23 + floor(draw * 24)::BIGINT];

-- Where people live: weight out of 100, how well off (1.0 = the country), share of flats, and the nearest store.
CREATE OR REPLACE TEMP TABLE places AS
FROM (VALUES
    ('London', 'London', 'N', 9, 1.32, 0.78, 'S01'), ('London', 'London', 'SE', 8, 1.22, 0.74, 'S01'), ('Croydon', 'London', 'CR', 3, 1.08, 0.52, 'S01'),
    ('Brighton', 'South East', 'BN', 5, 1.10, 0.50, 'S02'), ('Reading', 'South East', 'RG', 4, 1.16, 0.34, 'S02'), ('Canterbury', 'South East', 'CT', 3, 1.00, 0.26, 'S02'),
    ('Bristol', 'South West', 'BS', 6, 1.06, 0.36, 'S03'), ('Exeter', 'South West', 'EX', 3, 0.96, 0.26, 'S03'), ('Truro', 'South West', 'TR', 2, 0.88, 0.14, 'S03'),
    ('Norwich', 'East of England', 'NR', 4, 0.94, 0.26, 'S04'), ('Cambridge', 'East of England', 'CB', 4, 1.20, 0.34, 'S04'), ('Ipswich', 'East of England', 'IP', 2, 0.92, 0.22, 'S04'),
    ('Birmingham', 'West Midlands', 'B', 7, 0.90, 0.36, 'S05'), ('Shrewsbury', 'West Midlands', 'SY', 2, 0.92, 0.16, 'S05'), ('Nottingham', 'East Midlands', 'NG', 4, 0.88, 0.28, 'S06'),
    ('Leicester', 'East Midlands', 'LE', 3, 0.86, 0.26, 'S06'), ('Manchester', 'North West', 'M', 7, 0.94, 0.46, 'S07'), ('Liverpool', 'North West', 'L', 4, 0.86, 0.40, 'S07'),
    ('Kendal', 'North West', 'LA', 2, 0.94, 0.14, 'S07'), ('Leeds', 'Yorkshire', 'LS', 5, 0.92, 0.34, 'S08'), ('York', 'Yorkshire', 'YO', 3, 0.98, 0.22, 'S08'),
    ('Newcastle', 'North East', 'NE', 3, 0.86, 0.34, 'S09'), ('Edinburgh', 'Scotland', 'EH', 3, 1.08, 0.62, 'S10'), ('Inverness', 'Scotland', 'IV', 1, 0.92, 0.18, 'S10'),
    ('Cardiff', 'Wales', 'CF', 2, 0.90, 0.34, 'S11'), ('St David''s', 'Wales', 'SA', 1, 0.82, 0.10, 'S11')
) AS t(city, region, area, weight, wealth, flats, store);
SET VARIABLE places = (SELECT flatten(list(list_transform(range(weight), lambda i: {'city': city, 'region': region, 'area': area, 'wealth': wealth, 'flats': flats, 'store': store})
    ORDER BY region, area)) FROM places);

-- Situations in life, share out of 100. hunter to premium: chances of a way of buying; the rest buys in no special way.
SET VARIABLE situations = (SELECT flatten(list(list_transform(range(weight), lambda i: s) ORDER BY name)) FROM (FROM (VALUES
    (6,  {'name': 'student',        'young': 18, 'old': 26, 'kids': 0.0,  'adults': 3, 'earns': 0.42, 'pace': 0.75, 'hunter': 0.38, 'researcher': 0.08, 'impulsive': 0.20, 'premium': 0.00, 'night': 0.34}),
    (13, {'name': 'young single',   'young': 23, 'old': 36, 'kids': 0.0,  'adults': 1, 'earns': 0.85, 'pace': 0.85, 'hunter': 0.14, 'researcher': 0.12, 'impulsive': 0.24, 'premium': 0.07, 'night': 0.20}),
    (13, {'name': 'young couple',   'young': 25, 'old': 39, 'kids': 0.0,  'adults': 2, 'earns': 1.25, 'pace': 1.05, 'hunter': 0.14, 'researcher': 0.16, 'impulsive': 0.16, 'premium': 0.09, 'night': 0.12}),
    (19, {'name': 'young family',   'young': 26, 'old': 43, 'kids': 1.8,  'adults': 2, 'earns': 1.15, 'pace': 1.35, 'hunter': 0.22, 'researcher': 0.12, 'impulsive': 0.12, 'premium': 0.03, 'night': 0.14}),
    (14, {'name': 'school family',  'young': 35, 'old': 54, 'kids': 2.0,  'adults': 2, 'earns': 1.35, 'pace': 1.20, 'hunter': 0.18, 'researcher': 0.14, 'impulsive': 0.10, 'premium': 0.05, 'night': 0.08}),
    (5,  {'name': 'single parent',  'young': 24, 'old': 48, 'kids': 1.5,  'adults': 1, 'earns': 0.65, 'pace': 0.95, 'hunter': 0.34, 'researcher': 0.10, 'impulsive': 0.10, 'premium': 0.01, 'night': 0.22}),
    (6,  {'name': 'single adult',   'young': 37, 'old': 64, 'kids': 0.0,  'adults': 1, 'earns': 0.90, 'pace': 0.80, 'hunter': 0.16, 'researcher': 0.16, 'impulsive': 0.12, 'premium': 0.08, 'night': 0.12}),
    (13, {'name': 'empty nest',     'young': 48, 'old': 67, 'kids': 0.0,  'adults': 2, 'earns': 1.30, 'pace': 1.10, 'hunter': 0.10, 'researcher': 0.16, 'impulsive': 0.10, 'premium': 0.14, 'night': 0.05}),
    (11, {'name': 'retired',        'young': 63, 'old': 87, 'kids': 0.0,  'adults': 2, 'earns': 0.72, 'pace': 1.00, 'hunter': 0.14, 'researcher': 0.20, 'impulsive': 0.06, 'premium': 0.05, 'night': 0.03})
) AS t(weight, s)), LATERAL (SELECT s.name AS name));
